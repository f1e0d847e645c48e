/// One request and its answer as they travel through the stages. Floor 1 of the gateway: the other
/// rooms know it, it knows none of them.
package io.postern.gateway.exchange;
