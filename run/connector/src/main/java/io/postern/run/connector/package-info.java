/// Main of the connector.
package io.postern.run.connector;
