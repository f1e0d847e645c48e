package io.postern.connector.form;

import io.postern.connector.serve.SignOn;
import io.postern.tunnel.TunnelFailure;

/// What people read of a sign-in that failed.
final class LoginFaults {
    private LoginFaults() {}

    static void tell(SignOn.Waiter waiter, SignOn.Call call, LoginFault fault) {
        String who = " (user " + call.parameters().getOrDefault("user", "-") + " of application "
                + call.parameters().getOrDefault("app", "-") + ")";
        String said = fault.getMessage() + who;
        switch (fault.kind()) {
            case REFUSED ->
                waiter.onRefused(
                        TunnelFailure.SIGN_ON_USER,
                        said + "; set the name and password anew: the old ones are not tried again for a while, so"
                                + " that the account is not locked");
            case NO_CREDENTIAL ->
                waiter.onRefused(TunnelFailure.SIGN_ON_USER, said + "; set a name and a password for this user");
            case NO_FORM ->
                waiter.onRefused(
                        TunnelFailure.SIGN_ON_CONFIGURATION,
                        said + "; correct the application's sign-on page and fields");
            case UNREACHABLE -> waiter.onRefused(fault.failure().orElse(TunnelFailure.SIGN_ON_UNREACHABLE), said);
            case BUSY -> waiter.onRefused(TunnelFailure.SIGN_ON_BUSY, said);
        }
    }
}
