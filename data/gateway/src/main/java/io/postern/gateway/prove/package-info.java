/// Whether a new process of a connector serves as well as what serves now: real requests through its tunnels.
@org.jspecify.annotations.NullMarked
package io.postern.gateway.prove;
