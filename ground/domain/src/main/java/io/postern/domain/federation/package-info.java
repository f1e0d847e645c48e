/// Upstream identity providers whose word a tenant takes: what is set of each, what it says of a person, and the pure
/// decision which account that is. No network, no clock.
package io.postern.domain.federation;
