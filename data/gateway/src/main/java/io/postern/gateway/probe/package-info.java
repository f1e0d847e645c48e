/// Tries the way through each connector to each application, and asks connectors how they are.
@org.jspecify.annotations.NullMarked
package io.postern.gateway.probe;
