/// Event loops, TLS contexts, field rules of RFC 9110, back-pressure. Floor 2.
package io.postern.net;
