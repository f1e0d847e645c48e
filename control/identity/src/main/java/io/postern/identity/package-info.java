/// The identity provider.
package io.postern.identity;
