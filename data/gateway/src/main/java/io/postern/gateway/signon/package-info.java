/// Between admission and forwarding: what a backend or its connector is to be told of the user, asked of the
/// control plane once and kept for minutes.
package io.postern.gateway.signon;
