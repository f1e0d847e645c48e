/// Composes the stages of the gateway in flow order.
package io.postern.gateway;
