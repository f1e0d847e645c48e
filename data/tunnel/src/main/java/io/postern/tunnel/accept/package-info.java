/// The gateway end of tunnels.
package io.postern.tunnel.accept;
