/// Streams an admitted exchange both ways, rewrites fields, upgrades, retries.
package io.postern.gateway.forward;
