/// What both ends of a tunnel share (docs/protocol/tunnel.md). Floor 3.
package io.postern.tunnel;
