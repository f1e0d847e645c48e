package io.postern.identity;

import io.postern.account.PasswordHash;
import io.postern.base.Secret;
import java.lang.management.ManagementFactory;

/// How many password sign-ins a core computes in a second: the processor time of one, so that what else runs on the
/// machine does not count. Run by hand; its figure stands in `verify/bench/RESULTS.md`.
final class SignInRate {
    private static final int WARM_UP = 30;
    private static final int ROUNDS = 60;

    private SignInRate() {}

    public static void main(String[] arguments) {
        var hashes = new PasswordHash();
        Secret password = Secret.of("a quiet gate at dusk");
        String stored = hashes.hash(password);
        for (int i = 0; i < WARM_UP; i++) {
            hashes.verify(stored, password);
        }
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROUNDS; i++) {
            hashes.verify(stored, password);
        }
        double millis = (threads.getCurrentThreadCpuTime() - before) / 1e6 / ROUNDS;
        System.out.printf("%.1f ms of a core for one password, %.1f a second%n", millis, 1000 / millis);
    }
}
