/// Wiring of the connector.
package io.postern.connector;
