/// Small values that both processes use: addresses, sizes, secrets, outcomes, the connector's
/// enrolment token. Owns no thread, no socket, no file. Floor 1.
package io.postern.base;
