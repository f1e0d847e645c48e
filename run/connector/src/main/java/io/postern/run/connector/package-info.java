/// Main of the connector: options, configuration, logging, the metrics endpoint, start and stop.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector;
