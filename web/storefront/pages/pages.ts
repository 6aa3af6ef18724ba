import type { Route } from '../shop/route.ts';
import { cartPage } from './cart.ts';
import { categoryPage } from './category.ts';
import { checkoutPage, thanksPage } from './checkout.ts';
import { homePage } from './home.ts';
import { missingPage } from './missing.ts';
import type { Page, Shop } from './page.ts';
import { productPage } from './product.ts';
import { searchPage } from './search.ts';

/** The page of a place. */
export function pageOf(shop: Shop, route: Route): Page {
  switch (route.page) {
    case 'home':
      return homePage(shop);
    case 'category':
      return categoryPage(shop, route.category);
    case 'search':
      return searchPage(shop, route.query);
    case 'product':
      return productPage(shop, route.id);
    case 'cart':
      return cartPage(shop);
    case 'checkout':
      return checkoutPage(shop);
    case 'thanks':
      return thanksPage();
    case 'missing':
      return missingPage();
  }
}
