/** A place in the shop. */
export type Route =
  | { readonly page: 'home' | 'cart' | 'checkout' | 'thanks' | 'missing' }
  | { readonly page: 'category'; readonly category: string }
  | { readonly page: 'search'; readonly query: string }
  | { readonly page: 'product'; readonly id: string };

/** The place an address names. */
export function routeOf({ pathname, search }: Pick<URL, 'pathname' | 'search'>): Route {
  const [first = '', second = '', ...more] = pathname.split('/').slice(1).map(decoded);
  if (more.length > 0) return { page: 'missing' };
  switch (first) {
    case '':
      return { page: 'home' };
    case 'category':
      return { page: 'category', category: second };
    case 'search':
      return { page: 'search', query: new URLSearchParams(search).get('q') ?? '' };
    case 'product':
      return { page: 'product', id: second };
    case 'cart':
    case 'checkout':
    case 'thanks':
      return { page: first };
    default:
      return { page: 'missing' };
  }
}

/** The address of a place. */
export function pathOf(route: Route): string {
  switch (route.page) {
    case 'home':
      return '/';
    case 'category':
      return `/category/${encodeURIComponent(route.category)}`;
    case 'search':
      return `/search?${new URLSearchParams({ q: route.query })}`;
    case 'product':
      return `/product/${encodeURIComponent(route.id)}`;
    default:
      return `/${route.page}`;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
