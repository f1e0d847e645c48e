/// How many requests are taken at once, and what happens with the others.
package io.postern.gateway.intake;
