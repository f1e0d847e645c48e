package io.postern.sense;

import io.postern.base.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which kind of site the demo plays.
///
/// @param nodeName shown on the pages, so that a balancer in front can be seen at work
/// @param login how users sign in
/// @param authentication address of the login port; releases before April 2018 had one (4244 with TLS, 4248
/// without)
/// @param windowsPattern a user agent that contains it is asked for Windows authentication, another gets the form
/// @param users password by name
/// @param allowedHosts whose pages may open WebSockets, besides the site's own; empty: everybody's
/// @param csrf whether an upgrade must bring the token of `/qps/csrftoken`, as releases since November 2024 ask for
public record SenseSetup(
        String nodeName,
        Login login,
        Optional<HostPort> authentication,
        String windowsPattern,
        Map<String, String> users,
        List<String> allowedHosts,
        boolean csrf) {
    /// Ways in.
    public enum Login {
        /// Everybody is `DEMO\demo`.
        NONE,
        /// A form or Windows authentication on the same port.
        SAME_PORT,
        /// The same on a port of its own, to which browsers are sent and from which they come back with a ticket.
        SECOND_PORT
    }

    public SenseSetup {
        users = Map.copyOf(users);
        allowedHosts = List.copyOf(allowedHosts);
        if (login == Login.SECOND_PORT && authentication.isEmpty()) {
            throw new IllegalArgumentException("a login on a second port needs its address");
        }
    }

    /// Without sign-in, for everybody.
    public static SenseSetup open(String nodeName) {
        return new SenseSetup(nodeName, Login.NONE, Optional.empty(), "Windows", Map.of(), List.of(), false);
    }

    /// As released before April 2018: the login lies on a port of its own.
    public static SenseSetup old(HostPort authentication, Map<String, String> users) {
        return new SenseSetup(
                "sense-old", Login.SECOND_PORT, Optional.of(authentication), "Windows", users, List.of(), false);
    }

    /// As released today: login on the same port, an allow list, tokens against forged requests.
    public static SenseSetup today(Map<String, String> users, List<String> allowedHosts) {
        return new SenseSetup("sense-new", Login.SAME_PORT, Optional.empty(), "Windows", users, allowedHosts, true);
    }
}
