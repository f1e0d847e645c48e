/// What Postern talks about: tenants, users, applications and how they are published. Records only;
/// each refuses in its constructor what cannot be. Owns no I/O and no clock. Floor 2.
package io.postern.domain;
