package io.postern.identity.journal;

import io.postern.store.SignIn;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads browser and operating system out of what a user agent says of itself, which anybody can write: good for a log
/// and for recognising one's own sessions, not for a decision.
public final class UserAgent {
    private record Sign(Pattern pattern, String name) {
        static Sign of(String regex, String name) {
            return new Sign(Pattern.compile(regex), name);
        }
    }

    /// The first that fits: most browsers name others too.
    private static final List<Sign> BROWSERS = List.of(
            Sign.of("Edg(?:A|iOS)?/([0-9.]{1,20})", "Edge"),
            Sign.of("OPR/([0-9.]{1,20})", "Opera"),
            Sign.of("SamsungBrowser/([0-9.]{1,20})", "Samsung Browser"),
            Sign.of("(?:Firefox|FxiOS)/([0-9.]{1,20})", "Firefox"),
            Sign.of("(?:HeadlessChrome|Chrome|CriOS)/([0-9.]{1,20})", "Chrome"),
            Sign.of("Version/([0-9.]{1,20}).* Safari/", "Safari"),
            Sign.of("^([A-Za-z][A-Za-z0-9._-]{0,30}/[0-9.]{1,20})", ""));

    private static final List<Sign> SYSTEMS = List.of(
            Sign.of("Windows NT 10\\.0", "Windows 10"), // 11 says the same
            Sign.of("Windows NT ([0-9.]{1,8})", "Windows NT"),
            Sign.of("(?:iPhone|CPU) OS ([0-9_]{1,12})", "iOS"),
            Sign.of("Android ([0-9.]{1,12})", "Android"),
            Sign.of("Mac OS X ([0-9_.]{1,12})", "macOS"),
            Sign.of("CrOS", "ChromeOS"),
            Sign.of("Linux", "Linux"));

    private UserAgent() {}

    public static SignIn.Device device(String userAgent) {
        return new SignIn.Device(find(BROWSERS, userAgent), find(SYSTEMS, userAgent), Map.of());
    }

    private static String find(List<Sign> signs, String text) {
        for (Sign sign : signs) {
            Matcher found = sign.pattern().matcher(text);
            if (found.find()) {
                String version = found.groupCount() > 0 ? found.group(1).replace('_', '.') : "";
                return (sign.name() + " " + version).strip();
            }
        }
        return "";
    }
}
