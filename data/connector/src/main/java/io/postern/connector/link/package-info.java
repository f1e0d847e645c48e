/// Keeps one tunnel for each lane of each node of the service, dials again with jitter, drains on stop.
@org.jspecify.annotations.NullMarked
package io.postern.connector.link;
