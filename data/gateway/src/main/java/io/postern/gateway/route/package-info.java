/// Host and path of a request to the published application, decided on the canonical form. Pure.
package io.postern.gateway.route;
