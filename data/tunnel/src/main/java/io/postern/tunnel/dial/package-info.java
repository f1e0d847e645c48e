/// The connector end of tunnels.
package io.postern.tunnel.dial;
