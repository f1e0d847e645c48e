/// What the data plane reports upwards, and the door that takes it without ever blocking.
package io.postern.domain.event;
