/// What an application registration says of it as a client and as a resource of OAuth 2.0. Values only.
package io.postern.domain.client;
