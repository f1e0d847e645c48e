/// What users have in hand: generators of one-time passwords, passkeys.
package io.postern.identity.factor;
