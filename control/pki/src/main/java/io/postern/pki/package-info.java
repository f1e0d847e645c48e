/// The two certificate authorities: one for browsers, one for connectors.
package io.postern.pki;
