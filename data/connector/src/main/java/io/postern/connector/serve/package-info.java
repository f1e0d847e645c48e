/// One stream of a tunnel → one permitted backend, and the answer back. Everything in here is
/// confined to the event loop of the tunnel, backend connections included.
@org.jspecify.annotations.NullMarked
package io.postern.connector.serve;
