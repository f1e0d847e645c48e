/// Records the exchanges of one user with one application, while somebody looks for a fault.
package io.postern.gateway.trace;
