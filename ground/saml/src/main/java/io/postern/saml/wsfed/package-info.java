/// WS-Federation passive requestor: the answer that carries a token, SAML 1.1 as old applications expect it.
package io.postern.saml.wsfed;
