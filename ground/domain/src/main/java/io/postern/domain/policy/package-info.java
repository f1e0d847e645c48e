/// Policy decisions: pure functions from facts to permit, challenge or deny. No I/O, no clock.
package io.postern.domain.policy;
