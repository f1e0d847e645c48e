/// Signing keys of the tenants: made, rotated, published. Nothing here knows what is signed.
package io.postern.identity.key;
