/// The pages that the gateway shows when it cannot hand a request on. They never name anything inside.
package io.postern.gateway.page;
