/// What the gateway asks about users whom it has admitted.
package io.postern.identity.edge;
