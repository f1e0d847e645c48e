package io.postern.admin.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was done about one user or group, step by step, for the log and for whoever asked for it.
public final class DeliveryReport {
    /// @param result success, failure or skipped
    public record Step(String name, String result, String description) {}

    /// @param before empty: it was not known
    public record Modified(String attribute, String before, String after) {}

    private final List<Step> steps = new ArrayList<>();
    private final List<Modified> modified = new ArrayList<>();
    private String action = "other";
    private String result = "skipped";
    private String code = "";
    private String remedy = "";
    private String remote = "";
    private String name = "";

    void step(String step, String outcome, String description) {
        steps.add(new Step(step, outcome, description));
    }

    void name(String known) {
        name = known;
    }

    void remote(String id) {
        remote = id;
    }

    /// What is about to be done.
    void action(String what) {
        action = what;
    }

    void done(String description) {
        result = "success";
        step("export", "success", description);
    }

    void skipped(String why) {
        step("scope", "skipped", why);
    }

    void failed(DeliveryFault fault) {
        result = "failure";
        code = fault.kind().code();
        remedy = fault.kind().remedy();
        step("export", "failure", fault.text());
    }

    void modified(Map<String, String> before, Map<String, String> after) {
        var names = new TreeMap<>(before);
        names.putAll(after);
        for (String attribute : names.keySet()) {
            String old = before.getOrDefault(attribute, "");
            String fresh = after.getOrDefault(attribute, "");
            if (!old.equals(fresh)) {
                modified.add(new Modified(attribute, old, fresh));
            }
        }
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    public List<Modified> modified() {
        return List.copyOf(modified);
    }

    /// create, update, disable, delete or other.
    public String action() {
        return action;
    }

    /// success, failure or skipped.
    public String result() {
        return result;
    }

    /// One word; empty unless it failed.
    public String code() {
        return code;
    }

    public String remedy() {
        return remedy;
    }

    /// The application's id; empty where it has none.
    public String remote() {
        return remote;
    }

    public String name() {
        return name;
    }

    /// Why, in a sentence: the last step's.
    public String reason() {
        return steps.isEmpty() ? "" : steps.getLast().description();
    }
}
