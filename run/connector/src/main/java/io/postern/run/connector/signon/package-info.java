/// What the connector process asks the service so that it can sign users in at applications by name and password.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.signon;
