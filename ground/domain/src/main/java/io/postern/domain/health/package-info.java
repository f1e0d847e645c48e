/// What is known of the way from the gateway through each connector to each application.
@org.jspecify.annotations.NullMarked
package io.postern.domain.health;
