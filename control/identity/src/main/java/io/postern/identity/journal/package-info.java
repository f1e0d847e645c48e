/// The sign-in log as the identity provider writes it.
package io.postern.identity.journal;
