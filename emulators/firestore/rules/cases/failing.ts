/** Conditions that do not hold there: false, or without a value. */
export const FAILING: readonly string[] = String.raw`
path('') == path('')
9223372036854775807 + 1 == -9223372036854775808
string(/a/$('x y')) == '/a/x%20y'
/a/$('b/c') == /a/b/c
string([1]) == '[1]'
string(b'a') == 'a'
int('1.5') == 1
int(true) == 1
float('x') == 1.0
1%0 == 1
9223372036854775807 + 1 > 0
true < false
null < null
[1] < [2]
1 in {1:2}
'x' in 'xyz'
1 in [1.0]
[1,2][2] == 1
[1,2][-1] == 2
[1,2][0:5] == [1,2]
'abc'[3] == ''
[1].toSet() is set
{'a':1}.keys() == ['a'].toSet()
{'a':1}.keys() is set
{'a':1}.b == 1
{'a':1}['b'] == 1
{'a':1}.diff({}) == {'a':1}.diff({})
'aXb'.replace('(X)', '\\1') == 'aXb'
'a.b'.split('.').size() == 2
'a,b,,'.split(',') == ['a','b','','']
hashing.md5(b'abc').toHexString() == '900150983cd24fb0d6963f7d28e17f72'
hashing.crc32('abc').toHexString() == '352441c2'
hashing.crc32c('abc').toHexString() == '364b3fb7'
hashing.crc32('abc').toHexString() == 'c2412435'
latlng.value(91,0) == latlng.value(91,0)
duration.value(1,'us').nanos() == 1000
duration.value(1,'x').nanos() == 1000
duration.value(1.5,'h').seconds() == 5400
duration.value(1,'s') * 2 == duration.value(2,'s')
-(-timestamp.value(1)) == timestamp.value(1)
-(-'a') == 'a'
timestamp.date(2020,13,1) == timestamp.date(2020,13,1)
math.ceil(1.2) is int
math.pow(2,3) is int
math.sqrt(-1) == 1.0
math.isNaN(1)
[1] == [1.0]
{'a':1} == {'a':1.0}
[1].hasAll([1.0])
1 in {'1':2}.values()
[1].toSet() is list
request.auth is map
resource is map
null is map
1 is bool
1 in [1] == true
true == 1 in [1]
true ? false : true ? true : true
request.auth.uid == 'x' ? true : true
request.auth.uid != null
request.auth.uid == null
resource.data.x == 1
request.path.size() == 5
exists(/databases/$(database)/documents/none/x)
get(/databases/$(database)/documents/none/x) == null
get(/databases/$(database)/documents/none/x).data.a == 1
exists('/databases/(default)/documents/none/x') == false
exists(/foo/bar) == false
exists(/databases/other/documents/none/x) == false
exists(/databases/(default)/documents/none) == false
getAfter(/databases/(default)/documents/none/x) == null
'é'.matches('\\w')
{'b':1,'a':2}.keys() == ['b','a']
{'b':1,'a':2}.values() == [2,1]
'abc'.size
1 == null
1 / 0 == 1
1.0 / 0 == 1
1 / 0.0 == 1
float('NaN') == float('NaN')
'a' in null
1 in null
request.time.date() == request.time
timestamp.value(5) < 5
string(timestamp.value(0)) == 'x'
int(timestamp.value(0)) == 0
'abc'.replace('(?P<x>b)', '$x') == 'abc'
'İ'.lower().size() == 2
[1,'a'].hasAny(['a'].toSet())
[1,'a'].hasAny([])
[1].toSet().union([2]) == [1,2].toSet()
[1].toSet()[0] == 1
[[1],2].join(',') == '[1],2'
[{'a':1}].join('') == 'x'
[timestamp.value(0)].join('') == '1970-01-01T00:00:00Z'
[b'a'].join('') == 'a'
request.method == 'read'
resource['data'] == null
resource.__name__ == null
request.auth.token.sub == 'x'
true == 1 is int
!1 in [2]
true == false in [true]
1 < 2 < 3
1 in [1] is bool
!false && false
true || false ? false : true
request.auth.uid == 'x' || request.auth.uid == 'y'
request.auth.uid == 'x' && request.auth.uid == 'y'
1 && true
false && 1
'a' && false
1 ? true : false
!1
`
  .trim()
  .split('\n');
