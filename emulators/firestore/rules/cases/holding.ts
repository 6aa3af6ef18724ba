/** Conditions that Google's emulator takes for true, for a `get` of a document that does not exist, by nobody. */
export const HOLDING: readonly string[] = String.raw`
-9223372036854775808 == -9223372036854775807 - 1
string(/a/b) == '/a/b'
string(/a/$('x y')) == '/a/x y'
(/a/b)[0] == 'a'
/a/b in [/a/b]
path('a/b') == /a/b
path('/a/b') == /a/b
path('/a/{x}').bind({'x':'b'}) == /a/b
/a/b is path
string(1) == '1'
string(1.0) == '1.0'
string(1.5) == '1.5'
string(true) == 'true'
string(null) == 'null'
int('1') == 1
int(1.9) == 1
int(-1.9) == -1
float('1.5') == 1.5
float(1) == 1.0
9223372036854775807 == 9223372036854775807
1 - 2 == -1
2 * 3 == 6
2 * 1.5 == 3.0
1 + 1.5 == 2.5
-(1) == -1
!true == false
1 < 1.5
1 <= 1.0
'a' < 'b'
b'a' < b'b'
[1,2].hasAll([1])
[1,2].hasAll([])
[1,2].hasAny([2,3])
[1,2].hasOnly([1,2])
[1,2].hasOnly([1,2,3])
[1].hasOnly([1,1])
[1,1].toSet().size() == 1
[1,2].join(',') == '1,2'
['a',1.5,true,null].join('-') == 'a-1.5-true-null'
[1,2,1].removeAll([1]) == [2]
[3,1,2].size() == 3
[1,2][1:1] == []
[1,2][1:] == [2]
[1,2][:1] == [1]
'abc'[1:2] == 'b'
[1,2].toSet() == [2,1].toSet()
[1,2].toSet().difference([2].toSet()) == [1].toSet()
[1,2].toSet().intersection([2].toSet()) == [2].toSet()
[1,2].toSet().union([3].toSet()).size() == 3
[1].toSet().hasAll([1].toSet())
[1].toSet().hasAll([1])
[1,2].toSet().hasOnly([1,2])
1 in [1].toSet()
[1] is list
{} is map
{'a':1}.keys() == ['a']
{'a':1}.keys().hasAll(['a'])
{'a':1}.keys() is list
{'a':1,'b':2}.values() == [1,2]
{'a':1}.size() == 1
{'a':1}.get('a', 2) == 1
{'a':1}.get('b', 2) == 2
{'a':{'b':3}}.get(['a','b'], 2) == 3
{'a':{'b':3}}.get(['a','c'], 2) == 2
{'a':1}.get(['a','c'], 2) == 2
{'a':1}.a == 1
{'a':1}['a'] == 1
{'a':1}.diff({'a':2}).changedKeys() == ['a'].toSet()
{'a':1}.diff({'a':2,'b':1}).affectedKeys() == ['a','b'].toSet()
{'a':1}.diff({'b':1}).addedKeys() == ['a'].toSet()
{'a':1}.diff({'b':1}).removedKeys() == ['b'].toSet()
{'a':1}.diff({'a':1}).unchangedKeys() == ['a'].toSet()
{'a':1}.diff({}) is map_diff
'ABC'.lower() == 'abc'
'abc'.upper() == 'ABC'
' a '.trim() == 'a'
'a1b22'.replace('[0-9]+', '-') == 'a-b-'
'aXb'.replace('(X)', '$1$1') == 'aXXb'
'a,b'.split(',').size() == 2
'a.b'.split('[.]') == ['a','b']
''.split(',') == ['']
'a,b,,'.split(',') == ['a','b']
'a' is string
b'a' is bytes
b'abc'.toBase64() == 'YWJj'
b'abc'.toHexString() == '616263'
hashing.md5('abc').toHexString() == '900150983CD24FB0D6963F7D28E17F72'
hashing.sha256('abc').size() == 32
latlng.value(1,2) == latlng.value(1.0,2.0)
latlng.value(1,2).latitude() == 1.0
latlng.value(0,0).distance(latlng.value(0,1)) > 111194
latlng.value(0,0).distance(latlng.value(0,1)) < 111196
latlng.value(0,0) is latlng
duration.value(1,'h') == duration.time(1,0,0,0)
duration.value(1,'w').seconds() == 604800
duration.value(1,'ms').nanos() == 1000000
duration.value(1,'ns').nanos() == 1
duration.abs(duration.value(-1,'s')) == duration.value(1,'s')
duration.value(1,'s') < duration.value(2,'s')
duration.value(1,'s') + duration.value(2,'s') == duration.value(3,'s')
duration.value(1,'s') - duration.value(2,'s') == duration.value(-1,'s')
duration.value(1,'d') is duration
-duration.value(1,'s') == duration.value(-1,'s')
-(-duration.value(1,'s')) == duration.value(1,'s')
timestamp.date(2020,1,2).year() == 2020
timestamp.date(2020,1,2).month() == 1
timestamp.date(2020,1,2).day() == 2
timestamp.date(2020,1,5).dayOfWeek() == 7
timestamp.date(2020,1,2).dayOfYear() == 2
timestamp.date(2020,1,2).hours() == 0
timestamp.value(1500).toMillis() == 1500
timestamp.value(1500).seconds() == 1
timestamp.value(61500).seconds() == 1
timestamp.value(61500).minutes() == 1
timestamp.value(1500).nanos() == 500000000
timestamp.value(1500).date() == timestamp.date(1970,1,1)
timestamp.value(1500).time() == duration.value(1500,'ms')
timestamp.value(1500) - timestamp.value(500) == duration.value(1,'s')
timestamp.value(1500) - duration.value(1,'s') == timestamp.value(500)
math.abs(-1.5) == 1.5
math.ceil(1) == 1
math.ceil(1.2) == 2.0
math.floor(1.7) is float
math.pow(2,-1) == 0.5
math.pow(2.0,3) is float
math.round(1.4) is int
math.sqrt(4) is float
math.isNaN(math.sqrt(-1))
[1].toSet() == [1.0].toSet()
true is bool
request is map
request.time is timestamp
'a\'b' == "a'b"
'a\nb'.size() == 3
'\u00e9' == 'é'
'\x41' == 'A'
'\101' == 'A'
'a\\b'.size() == 3
'a.b'.matches('a\\.b')
b'\xff'.size() == 1
b'é'.size() == 2
"dq" == 'dq'
1.5 == 1.50
.5 == 0.5
1. == 1.0
!true == false && true
!(true) == false
1 + 2 * 3 == 7
(1 + 2) * 3 == 9
10 - 2 - 3 == 5
2 * 3 % 4 == 2
true || false && false
1 is int == true
1 in [1] && true
-1 + 2 == 1
- 1 == -1
!(!true)
!!true
false ? true : false ? false : true
(true ? 1 : 'a') == 1
true ? true : request.auth.uid == 'x'
request.auth != null && request.auth.uid == 'x' || true
request['auth'] == null
request.path[0:2] == /databases/(default)
request.path[0] is string
request.path is path
/a/b/c[1] == 'b'
/a/$(1)/b == /a/1/b
!exists(/databases/$(database)/documents/none/x)
exists(/databases/(default)/documents/none/x) == false
exists(path('/databases/(default)/documents/none/x')) == false
existsAfter(/databases/(default)/documents/none/x) == false
exists(/databases/(default)/documents/$(id)/$('x')) == false
'abc'.matches('a.*') && 'abc'.matches('^abc$')
'ABC'.matches('(?i)abc')
'a1'.matches('[[:alpha:]][[:digit:]]')
'é'.matches('\\pL')
[1, 2, 3][1:2] == [2]
{'a': 1, 'b': [1,2]}.b[1] == 2
{'a': 1,} == {'a': 1}
[1,] == [1]
{'a': 1, 'a': 2} == {'a': 2}
['b','a'].toSet() == ['a','b'].toSet()
{'b':1,'a':2}.keys() == ['a','b']
{'b':1,'a':2}.values() == [1,2]
{'a':1}.diff({'b':2}).affectedKeys().hasOnly(['a','b'])
{'a':1}.diff({'b':2}).affectedKeys().size() == 2
null != 1
null in [null]
math.round(0.5) == 1
math.round(-0.5) == 0
math.round(1) == 1
5 / 2 == 2
-5 / 2 == -2
-7 % 3 == -1
1.5 % 1.0 == 0.5
float('NaN') != float('NaN')
float('Infinity') > 1
request.time.year() > 2000
request.time == request.time
timestamp.value(0) == timestamp.date(1970,1,1)
timestamp.value(0) is timestamp
'%s' == '%s'
'abc'.split('(b)') == ['a','c']
'abc'.replace('.', '') == ''
'abc'.replace('b', '\\') == 'a\\c'
'abc'.upper().lower() == 'abc'
[[1,2],[3]].size() == 2
[[1,2],[3]].concat([[4]]) == [[1,2],[3],[4]]
[].hasAll([])
[].hasOnly([])
[2,1].toSet().size() == 2
[true,false].join('') == 'truefalse'
[/a/b].join('') == '/a/b'
request.method in ['get','list']
1 < 2 == true
1 < 2 in [true]
1 + 1 in [2]
-1 in [-1]
1 == 1 in [true]
(1 in [1]) == true
1 in [1] in [true]
1 == 1 == true
true != false == true
- 2 * 3 == -6
'a'.size() - 1 == 0
1 is int is bool
[1,2,3][1+1] == 3
(false ? [1] : [2])[0] == 2
true ? 1 == 1 : false
1 || true
`
  .trim()
  .split('\n');
