package dev.tetra.tsm.core.internal.file;

import dev.tetra.tsm.core.Amounts;
import dev.tetra.tsm.core.Liveness;
import dev.tetra.tsm.core.LogPolicy;
import dev.tetra.tsm.core.Probe;
import dev.tetra.tsm.core.Readiness;
import dev.tetra.tsm.core.RestartPolicy;
import dev.tetra.tsm.core.StopPolicy;
import dev.tetra.tsm.core.UnixSignal;
import dev.tetra.tsm.core.internal.file.Node.Mapping;
import dev.tetra.tsm.core.internal.file.Node.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The parts of a service that say how it is watched and kept. */
final class PolicyReader {
    private final Problems problems;

    PolicyReader(Problems problems) {
        this.problems = problems;
    }

    RestartPolicy restart(Section service) {
        Node node = service.node("restart");
        RestartPolicy policy = RestartPolicy.DEFAULT;
        if (node instanceof Mapping) {
            return service.section("restart", Keys.RESTART).map(this::restartOf).orElse(policy);
        }
        return service.with("restart", policy, (usual, text) -> usual.withMode(RestartPolicy.Mode.parse(text)));
    }

    private RestartPolicy restartOf(Section section) {
        RestartPolicy policy = section.with(
                "policy", RestartPolicy.DEFAULT, (usual, text) -> usual.withMode(RestartPolicy.Mode.parse(text)));
        policy = doneCodes(section, policy);
        policy = section.with("min_uptime", policy, (before, text) -> before.withMinUptime(Amounts.duration(text)));
        policy = section.withNumber("limit", policy, RestartPolicy::withLimit);
        policy = section.with(
                "first_delay",
                policy,
                (before, text) -> before.withDelays(Amounts.duration(text), before.longestDelay()));
        return section.with(
                "longest_delay",
                policy,
                (before, text) -> before.withDelays(before.firstDelay(), Amounts.duration(text)));
    }

    private RestartPolicy doneCodes(Section section, RestartPolicy before) {
        Node node = section.node("done_codes");
        if (node == null) {
            return before;
        }
        String title = section.title("done_codes");
        if (!(node instanceof Sequence list)) {
            problems.add(node.mark(), title + " is " + node.kind() + "; write a list of exit codes: [0, 3]");
            return before;
        }
        Set<Integer> codes = new TreeSet<>();
        for (Node item : list.items()) {
            // The policy itself says what is wrong with one code.
            section.number(item, title, code -> before.withDoneCodes(Set.of(code)))
                    .ifPresent(one -> codes.addAll(one.doneCodes()));
        }
        return before.withDoneCodes(codes);
    }

    static StopPolicy stop(Section section) {
        StopPolicy policy = section.with(
                "signal",
                StopPolicy.DEFAULT,
                (usual, text) -> new StopPolicy(UnixSignal.parse(text), usual.grace(), usual.reload()));
        return section.with(
                "grace",
                policy,
                (before, text) -> new StopPolicy(before.signal(), Amounts.duration(text), before.reload()));
    }

    Optional<Readiness> ready(Section service) {
        Node node = service.node("ready");
        if (!(node instanceof Mapping)) {
            return node == null
                    ? Optional.empty()
                    : probe(node, service, "ready").map(Readiness::new);
        }
        return service.section("ready", Keys.READY)
                .flatMap(section -> probe(section)
                        .map(Readiness::new)
                        .map(ready -> section.with(
                                "timeout",
                                ready,
                                (before, text) -> new Readiness(before.probe(), Amounts.duration(text)))));
    }

    Optional<Liveness> liveness(Section service) {
        Node node = service.node("liveness");
        if (!(node instanceof Mapping)) {
            return node == null
                    ? Optional.empty()
                    : probe(node, service, "liveness").map(Liveness::new);
        }
        return service.section("liveness", Keys.LIVENESS)
                .flatMap(section -> probe(section).map(probe -> liveness(section, new Liveness(probe))));
    }

    private static Liveness liveness(Section section, Liveness usual) {
        Liveness liveness = section.with(
                "period",
                usual,
                (live, text) -> new Liveness(live.probe(), Amounts.duration(text), live.timeout(), live.threshold()));
        liveness = section.with(
                "timeout",
                liveness,
                (live, text) -> new Liveness(live.probe(), live.period(), Amounts.duration(text), live.threshold()));
        return section.withNumber(
                "threshold",
                liveness,
                (live, count) -> new Liveness(live.probe(), live.period(), live.timeout(), count));
    }

    private Optional<Probe> probe(Section section) {
        Node node = section.node("probe");
        if (node == null) {
            section.missing(
                    " has no probe; write port, a URL, tcp:HOST:PORT, log:REGEX, exec:COMMAND, notify or socket");
            return Optional.empty();
        }
        return probe(node, section, "probe");
    }

    /** A list is a command; a text says which probe. */
    private Optional<Probe> probe(Node node, Section section, String key) {
        String title = section.title(key);
        if (!(node instanceof Sequence list)) {
            return section.read(node, title, Probe::parse);
        }
        if (list.items().isEmpty()) {
            problems.add(node.mark(), title + " is an empty list; write the words of a command, or a probe as text");
            return Optional.empty();
        }
        List<String> words = section.words(node, title, List::of);
        return words.isEmpty() ? Optional.empty() : Optional.of(new Probe.Exec(words));
    }

    LogPolicy logs(Section service) {
        return service.section("logs", Keys.LOGS).map(PolicyReader::logsOf).orElse(LogPolicy.DEFAULT);
    }

    private static LogPolicy logsOf(Section section) {
        LogPolicy policy = section.with(
                "max_size",
                LogPolicy.DEFAULT,
                (usual, text) -> new LogPolicy(Amounts.bytes(text), usual.maxAge(), usual.keep()));
        policy = section.with(
                "max_age",
                policy,
                (before, text) -> new LogPolicy(before.maxBytes(), Amounts.duration(text), before.keep()));
        return section.withNumber(
                "keep", policy, (before, count) -> new LogPolicy(before.maxBytes(), before.maxAge(), count));
    }
}
