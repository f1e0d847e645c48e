/// OpenID Connect and OAuth 2.0: one class per endpoint, and what they share.
package io.postern.identity.oidc;
