/// The demo backend.
package io.postern.sense;
