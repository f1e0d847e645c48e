/// Words of OAuth and the faults with their numbers; the only place that writes errors.
package io.postern.identity.protocol;
