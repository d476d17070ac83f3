package dev.tetra.tsm.core;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tetra.tsm.core.ServiceException.Reason;
import dev.tetra.tsm.ports.PortSpec;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceFileTest {
    private static final Path YAML = Path.of("/srv/shop/services.yml");
    private static final Path JSON = Path.of("/srv/shop/services.json");
    private static final Path TSM = Path.of("/srv/shop/web.tsm");
    private static final Map<String, String> BASE = Map.of("HOME", "/home/ann");

    @TempDir
    Path directory;

    @Test
    void aServiceIsWhatItsKeysSay() {
        ServiceSpec web = ServiceFile.parse(YAML, """
                        services:
                          web:
                            command: [python3, -m, http.server, 8000, true]
                            cwd: site
                            port: 8000+
                            env_file: ../dev.env
                            environment: {DEBUG: yes, RATE: 1.50, ON: true, EMPTY: ''}
                            hooks: {pre_start: "sh:make", post_start: warm, post_stop: ./gone.sh}
                            restart: {policy: always, done_codes: [0, 3], min_uptime: 2s, limit: 5, first_delay: 1s, longest_delay: 1m}
                            stop: {signal: sigint, grace: 10s}
                            reload_signal: HUP
                            ready: {probe: "http://localhost:{port}/", timeout: 1m}
                            liveness: {probe: [curl, -f, "http://localhost/a b"], period: 5s, timeout: 1s, threshold: 2}
                            depends_on: [db, "migrate:completed"]
                            parent: quasar
                            comm_type: pipe
                            logs: {max_size: 10MB, max_age: 1d, keep: 3}
                        """, BASE).services().get(0);

        assertThat(web)
                .isEqualTo(ServiceSpec.command("python3", "-m", "http.server", "8000", "true")
                        .name("web")
                        .cwd(Path.of("/srv/shop/site"))
                        .port(new PortSpec.AtLeast(8000))
                        .envFile(Path.of("/srv/shop/../dev.env"))
                        .environment(Map.of("DEBUG", "yes", "RATE", "1.50", "ON", "true", "EMPTY", ""))
                        .hooks(new Hooks(Optional.of("sh:make"), Optional.of("warm"), Optional.of("./gone.sh")))
                        .restart(new RestartPolicy(
                                RestartPolicy.Mode.ALWAYS,
                                Set.of(0, 3),
                                Duration.ofSeconds(2),
                                5,
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(1)))
                        .stop(new StopPolicy(
                                UnixSignal.parse("INT"), Duration.ofSeconds(10), Optional.of(UnixSignal.HUP)))
                        .ready(new Readiness(Probe.parse("http://localhost:{port}/"), Duration.ofMinutes(1)))
                        .liveness(new Liveness(
                                new Probe.Exec(List.of("curl", "-f", "http://localhost/a b")),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(1),
                                2))
                        .dependsOn(List.of(Dependency.parse("db"), Dependency.parse("migrate:completed")))
                        .parent("quasar")
                        .commType("pipe")
                        .logs(new LogPolicy(10L << 20, Duration.ofDays(1), 3))
                        .build());
    }

    @Test
    void whatIsLeftOutIsAsByDefaultAndInTheDirectoryOfTheFile() {
        assertThat(yaml("services: {web: {command: run me}}"))
                .containsExactly(ServiceSpec.command("run", "me")
                        .name("web")
                        .cwd(Path.of("/srv/shop"))
                        .build());
    }

    @Test
    void shortFormsMeanTheLongOnes() {
        ServiceSpec spec = yaml("""
                services:
                  web:
                    shell: make && ./run
                    port: none
                    restart: never
                    ready: log:^ready
                    liveness: [test, -e, ok]
                    depends_on: {db: started}
                """).get(0);
        assertThat(spec.command()).containsExactly("bash", "-c", "make && ./run");
        assertThat(spec.port()).hasValue(new PortSpec.None());
        assertThat(spec.restart()).isEqualTo(RestartPolicy.DEFAULT.withMode(RestartPolicy.Mode.NEVER));
        assertThat(spec.ready()).hasValue(new Readiness(new Probe.Log("^ready")));
        assertThat(spec.liveness()).hasValue(new Liveness(new Probe.Exec(List.of("test", "-e", "ok"))));
        assertThat(spec.dependsOn()).containsExactly(Dependency.parse("db:started"));
    }

    @Test
    void servicesAreInTheOrderOfTheFile() {
        assertThat(yaml("services: {z: {command: x}, a: {command: x}, m: {command: x}}"))
                .extracting(spec -> spec.name().orElseThrow())
                .containsExactly("z", "a", "m");
    }

    @Test
    void anAliasStandsForWhatItNamesAndAMergedMapGivesWhatIsNotThere() {
        List<ServiceSpec> specs = yaml("""
                services:
                  web: &usual
                    command: web
                    environment: &variables {A: 1, B: 2}
                    restart: never
                  worker:
                    <<: *usual
                    command: worker
                    environment: {<<: *variables, B: 3}
                """);
        assertThat(specs.get(1))
                .isEqualTo(specs.get(0)
                        .with()
                        .name("worker")
                        .command(List.of("worker"))
                        .environment(Map.of("A", "1", "B", "3"))
                        .build());
    }

    @Test
    void jsonIsTheSameTree() {
        String json =
                "{\"services\": {\"web\": {\"command\": [\"sleep\", 5],\n\t\"port\": 8000, \"environment\": {\"A\": 1.50}}}}";
        assertThat(ServiceFile.parse(JSON, json, BASE).services())
                .isEqualTo(yaml("services: {web: {command: [sleep, 5], port: 8000, environment: {A: 1.50}}}"));
    }

    @Test
    void aFileOfTheOriginalIsParsedAndNeverExecuted() {
        Path witness = directory.resolve("witness");
        ServiceSpec spec = tsm("""
                #!/usr/bin/env bash
                BIN=bin
                export TSM_NAME="shop"
                TSM_PORT=8000
                TSM_COMMAND="$BIN/server --port $TSM_PORT 'a b'"
                TSM_CWD="./app"
                TSM_ENV=dev
                TSM_PRE_COMMAND='touch %s'
                TSM_PARENT=quasar
                TSM_DEPS="db, migrate:completed"
                TSM_RESTART_ON_FAILURE=false
                TSM_HEALTH_CHECK="curl -f localhost"
                TSM_DESCRIPTION='a shop'
                """.formatted(witness));
        assertThat(spec)
                .isEqualTo(ServiceSpec.command("bin/server", "--port", "8000", "a b")
                        .name("shop")
                        .port(8000)
                        .cwd(Path.of("/srv/shop/app"))
                        .envFile(Path.of("/srv/shop/app/env/dev.env"))
                        .preHook("bash:touch " + witness)
                        .parent("quasar")
                        .dependsOn(List.of(Dependency.parse("db"), Dependency.parse("migrate:completed")))
                        .restart(RestartPolicy.Mode.NEVER)
                        .liveness(new Liveness(new Probe.Exec(List.of("curl", "-f", "localhost"))))
                        .build());
        assertThat(witness).doesNotExist();
    }

    @Test
    void aFileOfTheOriginalIsNamedAfterItselfAndNeedsItsCommandOnly() {
        assertThat(tsm("TSM_COMMAND=run\nTSM_CWD=\nTSM_PORT=0\nTSM_ENV=none"))
                .isEqualTo(ServiceSpec.command("run")
                        .name("web")
                        .cwd(Path.of("/srv/shop"))
                        .port(new PortSpec.None())
                        .build());
        assertThat(tsm("TSM_COMMAND='cd x && ./run'").command()).containsExactly("bash", "-c", "cd x && ./run");
        assertThat(tsm("TSM_COMMAND=x\nTSM_ENV_FILE=~/a.env").envFile()).hasValue(Path.of("/home/ann/a.env"));
        assertThat(tsm("TSM_COMMAND=x\nTSM_ENV=conf/a").envFile()).hasValue(Path.of("/srv/shop/conf/a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    comand: x                        | 3:5: unknown key comand of service web; command?
                    zzz: x                           | 3:5: unknown key zzz of service web; there are command, shell, cwd, port, env_file, environment, hooks, restart, stop, reload_signal, ready, liveness, depends_on, parent, comm_type, logs
                    port: 80                         | 3:5: service web has neither command nor shell; write what it runs
                    {command: x, shell: y}           | 3:25: shell of service web beside a command; a service has one of the two
                    {command: x, command: y}         | 3:18: command of service web is there twice
                    command: []                      | 3:14: command of service web is empty; write the program to run and its arguments
                    command: {a: b}                  | 3:14: command of service web is a map; write a list of words, or one line
                    command: "don't"                 | 3:14: command of service web: the quote ' is not closed: don't
                    command: "a\\0b"                 | 3:14: command of service web has a NUL character in it; leave it out
                    command: [a, [b]]                | 3:18: a word of command of service web is a list; write one value
                    {command: x, port: 99999}        | 3:24: port of service web: port not in [1, 65535]: 99999
                    {command: x, port: [1]}          | 3:24: port of service web is a list; write one value
                    {command: x, cwd: ~}             | 3:23: cwd of service web has no value; give one, or leave the key out
                    {command: x, env_file: ~/a}      | 3:28: env_file of service web: no shell reads ~/a; write the path in full, or from the file's directory on
                    {command: x, environment: [A]}   | 3:31: environment of service web is a list; write a map
                    {command: x, environment: {1: a}} | 3:32: 1 of environment of service web: not a variable name; a name is of letters, digits and _, and begins with no digit
                    {command: x, hooks: {prestart: a}} | 3:26: unknown key prestart of hooks of service web; pre_start?
                    {command: x, hooks: make}        | 3:25: hooks of service web is text; write a map: pre_start, post_start, post_stop
                    {command: x, restart: often}     | 3:27: restart of service web: not a restart policy: often; write always, on-failure or never
                    {command: x, restart: {limit: a}} | 3:35: limit of restart of service web is text; write a whole number
                    {command: x, restart: {limit: 1.5}} | 3:35: limit of restart of service web: not a whole number of up to 2147483647, written in digits: 1.5
                    {command: x, restart: {done_codes: [300]}} | 3:41: done_codes of restart of service web: not an exit code, which are 0 to 255: 300
                    {command: x, stop: {grace: 5}}   | 3:32: grace of stop of service web: not a time: 5; write 500ms, 2s, 5m, 1h or 7d, a year at most
                    {command: x, ready: {timeout: 5s}} | 3:25: ready of service web has no probe; write port, a URL, tcp:HOST:PORT, log:REGEX, exec:COMMAND, notify or socket
                    {command: x, liveness: {probe: port, threshold: 0}} | 3:53: threshold of liveness of service web: threshold below 1: 0
                    {command: x, depends_on: db}     | 3:30: depends_on of service web is text; write a list: [db, "migrate:completed"]
                    {command: x, depends_on: ["db:done"]} | 3:31: depends_on of service web: not a condition: done; write started, ready or completed
                    {command: x, depends_on: {"a b": ready}} | 3:31: depends_on of service web: not a service name: a b has character code 32 at 2; use letters, digits, '.', '_' and '-'
                    {command: x, parent: 7}          | 3:26: parent of service web: not a service name: 7 is a number, as ids, pids and ports are; add a letter
                    {command: x, logs: {max_size: big}} | 3:35: max_size of logs of service web: not a size: big; write 500K, 10MB or 1G
                    """)
    void aMistakeInAServiceIsOneSentenceWithItsPlace(String service, String sentence) {
        assertThat(refusal(YAML, "services:\n  web:\n    " + service))
                .hasMessage(YAML + ":" + sentence)
                .extracting(ServiceException::details)
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    servces: {}                        | 1:1: unknown key servces of the file; services?
                    web: {}                            | 1:1: unknown key web of the file; put it below services
                    services:                          | 1:1: the file has no services; write services: and below it one name for each
                    services: {}                       | 1:1: the file has no services; write services: and below it one name for each
                    services: []                       | 1:11: services is a list; write a map
                    services: {a b: {command: x}}      | 1:12: not a service name: a b has character code 32 at 2; use letters, digits, '.', '_' and '-'
                    services: {a: {command: x}, a: 1}  | 1:29: a of services is there twice
                    services: {a: 1}                   | 1:15: service a is a number; write a map: command, shell, cwd, port, env_file, environment, hooks, restart, stop, reload_signal, ready, liveness, depends_on, parent, comm_type, logs
                    [a]                                | 1:1: the file is a list; write a map: services
                    '# nothing'                        | 1:1: nothing is in it; write services: and below it one name for each
                    services: *a                       | 1:11: no anchor &a ends before this alias
                    services: &a [*a]                  | 1:15: no anchor &a ends before this alias
                    services: !!x {}                   | 1:11: a tag (tag:yaml.org,2002:x), which no value here needs; leave it out
                    ? [a]                              | 1:3: a list or a map as a key; a key is text
                    <<: a                              | 1:1: << takes over the keys of a map, and this is text
                    services: {a: {command: x}         | 1:27: not YAML: expected ',' or '}', but got the end of the file while parsing a flow mapping
                    services: a: b                     | 1:12: not YAML: a key cannot stand here; look at the indentation, and put a value with ': ' in it into quotes
                    services: @a                       | 1:11: not YAML: a value cannot begin with this character; put it into quotes
                    """)
    void aMistakeInTheWholeIsOneSentenceWithItsPlace(String text, String sentence) {
        assertThat(refusal(YAML, text)).hasMessage(YAML + ":" + sentence);
    }

    @Test
    void mistakesOfTheLinesAreToldByTheirLine() {
        assertThat(refusal(YAML, "services:\n\tweb: 1"))
                .hasMessage(YAML + ":2:1: not YAML: a TAB where blanks are wanted; indent with blanks");
        assertThat(refusal(YAML, "services:\n  a: 1\n b: 2"))
                .hasMessage(
                        YAML + ":3:2: not YAML: this does not go on with what is above it; look at the indentation");
        assertThat(refusal(YAML, "services: {}\n---\nservices: {}"))
                .hasMessage(YAML + ":2:1: a second document; put all services into the first");
        assertThat(refusal(YAML, "services:\n  é: '\u0001'"))
                .hasMessage(YAML
                        + ":2:7: not YAML: a character that it cannot have (code 1); in double quotes write it as an"
                        + " escape");
    }

    @Test
    void mistakesInJsonHaveTheirPlaceToo() {
        assertThat(refusal(JSON, "{\"services\": {\n  \"web\": {\"command\": \"x\",}}}"))
                .hasMessage(JSON
                        + ":2:26: not JSON: Unexpected character ('}' (code 125)): was expecting double-quote to start"
                        + " field name");
        assertThat(refusal(JSON, "{\"services\": {\"web\": {\"comand\": \"x\"}}}"))
                .hasMessage(JSON + ":1:23: unknown key comand of service web; command?");
        assertThat(refusal(JSON, "{\"services\": {")).hasMessageStartingWith(JSON + ":1:15: not JSON: Unexpected end");
        assertThat(refusal(JSON, "{} []")).hasMessage(JSON + ":1:4: more text after the end of the value");
    }

    @Test
    void mistakesInAFileOfTheOriginalHaveTheirLine() {
        assertThat(refusal(TSM, "\nTSM_COMAND=x"))
                .hasMessage(TSM + ":1:1: no TSM_COMMAND; write TSM_COMMAND=\"what it runs\"");
        assertThat(refusal(TSM, "\nTSM_COMAND=x").details())
                .containsExactly(TSM + ":2:1: unknown key TSM_COMAND; TSM_COMMAND?");
        assertThat(refusal(TSM, "TSM_COMMAND=x\n\nTSM_PORT=80x"))
                .hasMessage(TSM
                        + ":3:1: TSM_PORT: not a port: 80x; write a number, a number followed by + (8000+), or none");
        assertThat(refusal(TSM, "TSM_COMMAND=x\nTSM_PORT=\"$(cat port)\""))
                .hasMessageStartingWith(TSM + ":2: $(…) would run a command");
        assertThat(refusal(TSM, "TSM_COMMAND=x\nTSM_ENV=a\nTSM_ENV_FILE=b"))
                .hasMessage(TSM + ":3:1: TSM_ENV_FILE beside TSM_ENV; a service has one of the two");
        assertThat(refusal(Path.of("/srv/12.tsm"), "TSM_COMMAND=x"))
                .hasMessage(
                        "/srv/12.tsm:1:1: not a service name: 12 is a number, as ids, pids and ports are; add a letter;"
                                + " or write TSM_NAME");
    }

    @Test
    void allMistakesAreToldInTheOrderOfTheFile() {
        ServiceException refusal =
                refusal(YAML, "services:\n  web:\n    prt: 1\n    command: x\n  db: {port: x, command: y}");
        assertThat(refusal).hasMessage(YAML + ":3:5: unknown key prt of service web; port?");
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
        assertThat(refusal.details())
                .containsExactly(
                        YAML
                                + ":5:14: port of service db: not a port: x; write a number, a number followed by + (8000+), or none");
        StringBuilder many = new StringBuilder("services:\n");
        for (int i = 0; i < 100; i++) {
            many.append("  s").append(i).append(": 5\n");
        }
        assertThat(refusal(YAML, many.toString()).details()).hasSize(20).endsWith("and 80 more");
    }

    @Test
    void noMessageShowsAValueOfTheEnvironmentOrAControlCharacter() {
        assertThat(refusal(YAML, "services: {a: {command: x, environment: {'1': secret}}}")
                        .getMessage())
                .doesNotContain("secret");
        assertThat(refusal(YAML, "services: {a: {\"\\e[31m\": x}}").getMessage())
                .isEqualTo(
                        YAML + ":1:16: unknown key ?[31m of service a; there are command, shell, cwd, port, env_file,"
                                + " environment, hooks, restart, stop, reload_signal, ready, liveness, depends_on, parent, comm_type,"
                                + " logs");
    }

    @Test
    void whatAliasesAndDepthCouldBlowUpIsRefused() {
        StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c <= 'z'; c++) {
            char before = (char) (c - 1);
            bomb.append(c).append(": &").append(c).append(" [*").append(before);
            bomb.append((", *" + before).repeat(8)).append("]\n");
        }
        assertThat(refusal(YAML, bomb.toString()))
                .hasMessageMatching(".*:7:[0-9]+: its aliases written out, the file comes to more than 4 MiB");
        assertThat(refusal(YAML, "a: " + "[".repeat(500_000))).hasMessage(YAML + ":1:36: more than 32 levels deep");
        assertThat(refusal(JSON, "[".repeat(500_000))).hasMessage(JSON + ":1:34: more than 32 levels deep");
        assertThat(refusal(YAML, "x".repeat((1 << 20) + 1)))
                .hasMessage(YAML + " is larger than 1 MiB; no service file is");
    }

    @Test
    void aFileIsReadAndSaysWhereItIs() throws IOException {
        Path file = directory.resolve("services.YAML");
        Files.writeString(file, "\uFEFFservices: {web: {command: x, cwd: a/./b}}\r\n");
        ServiceFile read = ServiceFile.read(file, BASE);
        assertThat(read.path()).isEqualTo(file);
        assertThat(read.services().get(0).cwd()).isEqualTo(directory.resolve("a/b"));
        assertThat(read.services().get(0).file()).contains(file);
        Path roundabout = directory.resolve("a/../services.YAML");
        Files.createDirectory(directory.resolve("a"));
        assertThat(ServiceFile.read(roundabout, BASE).services()).isEqualTo(read.services());
    }

    @Test
    void someOfItsServicesBringAlongWhateverComesBeforeThem() {
        ServiceFile file = ServiceFile.parse(YAML, """
                        services:
                          web: {command: x, depends_on: [api-9000], parent: hub}
                          other: {command: x}
                          api: {command: x, port: 9000, depends_on: [db, elsewhere]}
                          db: {command: x}
                          hub: {command: x}
                        """, BASE);
        assertThat(names(file.choose(List.of("web")).services())).containsExactly("web", "api", "db", "hub");
        assertThat(names(file.choose(List.of("api-9000", "other")).services())).containsExactly("other", "api", "db");
        ServiceException unknown =
                catchThrowableOfType(ServiceException.class, () -> file.choose(List.of("othre", "web")));
        assertThat(unknown).hasMessage(YAML + " has no service named othre; did you mean other?");
        assertThat(unknown.reason()).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void itsServicesStartInTheOrderOfTheirDependencies() {
        ServiceFile file = ServiceFile.parse(
                YAML, "services: {web: {command: x, depends_on: [db]}, db: {command: x}, alone: {command: x}}", BASE);
        assertThat(names(file.starting(List.of()))).containsExactly("db", "alone", "web");
        ServiceFile circle = ServiceFile.parse(
                YAML, "services: {a: {command: x, depends_on: [b]}, b: {command: x, depends_on: [a]}}", BASE);
        assertThat(catchThrowableOfType(ServiceException.class, () -> circle.starting(List.of())))
                .hasMessage(YAML + ":1:41: services wait for each other in a circle: a → b → a; take one depends_on or"
                        + " parent of these out");
    }

    @Test
    void whateverIsWrongWithTheOrderIsToldAtOnceAndWithItsPlace() {
        ServiceFile file = ServiceFile.parse(YAML, """
                services:
                  a: {command: x, depends_on: [b, "nobody:started"]}
                  b: {command: x, parent: a}
                  c: {command: x, depends_on: {noone: completed}}
                """, BASE);
        ServiceException wrong = catchThrowableOfType(ServiceException.class, () -> file.starting(List.of()));
        assertThat(wrong).hasMessageStartingWith(YAML + ":2:32: services wait for each other in a circle: a → b → a");
        assertThat(wrong.details())
                .containsExactly(
                        YAML
                                + ":2:35: service a comes after nobody, which no service here is called; add it, or take it"
                                + " out",
                        YAML + ":4:32: service c comes after noone, which no service here is called; add it, or take it"
                                + " out");
    }

    @Test
    void wordsThatWereMeantForAShellAreRefusedUnlessTheyAreInQuotes() {
        assertThat(command("sleep 1 | cat")).isEmpty();
        assertThat(command("make && ./run")).isEmpty();
        assertThat(command("serve > log 2>&1")).isEmpty();
        assertThat(command("echo '|' a&b")).containsExactly("echo", "|", "a&b");
        assertThat(command("sh -c 'a | b > c'")).containsExactly("sh", "-c", "a | b > c");
    }

    /** The words of a command in one line; none if it is refused with a hint at shell. */
    private static List<String> command(String line) {
        try {
            return ServiceFile.parse(YAML, "services: {a: {command: \"" + line + "\"}}", BASE)
                    .services()
                    .get(0)
                    .command();
        } catch (ServiceException refused) {
            assertThat(refused).hasMessageContaining("write shell: instead of command:");
            return List.of();
        }
    }

    private static List<String> names(List<ServiceSpec> specs) {
        return specs.stream().map(spec -> spec.name().orElseThrow()).toList();
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path file = directory.resolve("services.yml");
        assertThat(refusal(file)).hasMessage("service file not found: " + file + "; create it, or name another");
        assertThat(refusal(file).reason()).isEqualTo(Reason.MISSING_FILE);
        Files.createDirectory(file);
        assertThat(refusal(file)).hasMessage("service file is a directory: " + file + "; name a file in it");
        assertThat(refusal(Path.of("/proc/self/fd/0.yml")).reason()).isEqualTo(Reason.MISSING_FILE);
        Path empty = Files.writeString(directory.resolve("empty.json"), " \n");
        assertThat(refusal(empty)).hasMessage(empty + " is empty; write the services into it");
        Path latin = Files.write(directory.resolve("latin.yml"), "a: é\nb: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusal(latin)).hasMessage(latin + ":1:4: not UTF-8; save the file in that encoding");
        Path cut = Files.write(directory.resolve("cut.yml"), new byte[] {'a', ':', ' ', (byte) 0xC3});
        assertThat(refusal(cut)).hasMessage(cut + ":1:4: not UTF-8; save the file in that encoding");
        Path large = Files.writeString(directory.resolve("large.yml"), "#".repeat((1 << 20) + 1));
        assertThat(refusal(large)).hasMessage(large + " is larger than 1 MiB; no service file is");
        assertThat(refusal(directory.resolve("services.txt")))
                .hasMessage("not the name of a service file: " + directory.resolve("services.txt")
                        + "; it ends in .yaml, .yml, .json or .tsm");
    }

    @Test
    void aFileThatMayNotBeReadIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("services.yml"), "services: {}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");
        assertThat(refusal(file)).hasMessage("service file cannot be read: " + file + ": permission denied");
    }

    @Test
    void withoutTheYamlLibraryItIsNamedAndEverythingElseWorks() throws Exception {
        try (URLClassLoader without =
                new URLClassLoader(classPathWithout("snakeyaml"), ClassLoader.getPlatformClassLoader())) {
            Class<?> file = Class.forName(ServiceFile.class.getName(), true, without);
            var parse = file.getMethod("parse", Path.class, String.class, Map.class);
            Throwable said = requireNonNull(catchThrowableOfType(
                            java.lang.reflect.InvocationTargetException.class,
                            () -> parse.invoke(null, YAML, "services: {}", Map.of())))
                    .getCause();
            assertThat(said)
                    .hasToString("dev.tetra.tsm.core.ServiceException: " + YAML
                            + " needs the library org.snakeyaml:snakeyaml-engine, which this program was built without; add"
                            + " it, or write the file as JSON");
            assertThat(parse.invoke(null, JSON, "{\"services\": {\"a\": {\"command\": \"x\"}}}", Map.of()))
                    .isNotNull();
            assertThat(parse.invoke(null, TSM, "TSM_COMMAND=x", Map.of())).isNotNull();
            assertThat(file.getMethod("write", List.class, Path.class, Map.class)
                            .invoke(null, List.of(), directory, Map.of()))
                    .isEqualTo("services: {}\n");
        }
    }

    private static URL[] classPathWithout(String word) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.contains(word)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(new URL[0]);
    }

    @Test
    void whatIsWrittenIsForPeople() {
        ServiceSpec web = ServiceSpec.command("python3", "-m", "http.server")
                .name("web")
                .cwd(Path.of("/srv/shop/site"))
                .port(8000)
                .envFile(Path.of("/etc/web.env"))
                .ready(new Readiness(new Probe.Port()))
                .dependsOn(List.of(Dependency.parse("db"), Dependency.parse("migrate:completed")))
                .restart(RestartPolicy.DEFAULT.withLimit(3))
                .build();
        ServiceSpec migrate = ServiceSpec.command("bash", "-c", "make db && echo \"done\"")
                .name("migrate")
                .cwd(Path.of("/srv/shop"))
                .environment(Map.of("LEVEL", "1"))
                .restart(RestartPolicy.Mode.NEVER)
                .build();
        assertThat(ServiceFile.write(
                        List.of(web, migrate), Path.of("/srv/shop"), Map.of("web", Set.of("SECRET", "DEBUG"))))
                .isEqualTo("""
                        services:
                          web:
                            command: [python3, -m, http.server]
                            cwd: site
                            port: 8000
                            env_file: /etc/web.env
                            # set by hand: DEBUG, SECRET
                            restart: {limit: 3}
                            ready: port
                            depends_on: [db, "migrate:completed"]
                          migrate:
                            shell: "make db && echo \\"done\\""
                            environment:
                              LEVEL: "1"
                            restart: never
                        """);
    }

    @Test
    void specsWithoutNamesOrWithOneNameAreNotWritten() {
        ServiceSpec unnamed = ServiceSpec.command("x").build();
        ServiceSpec named = unnamed.with().name("a").build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceFile.write(List.of(unnamed), directory, Map.of()))
                .withMessageStartingWith("a spec without a name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceFile.write(List.of(named, named), directory, Map.of()))
                .withMessage("two specs are called a");
    }

    private static List<ServiceSpec> yaml(String text) {
        return ServiceFile.parse(YAML, text, BASE).services();
    }

    private static ServiceSpec tsm(String text) {
        return ServiceFile.parse(TSM, text, BASE).services().get(0);
    }

    private static ServiceException refusal(Path file, String text) {
        return requireNonNull(
                catchThrowableOfType(ServiceException.class, () -> ServiceFile.parse(file, text, BASE)), text);
    }

    private static ServiceException refusal(Path file) {
        return requireNonNull(catchThrowableOfType(ServiceException.class, () -> ServiceFile.read(file, BASE)));
    }
}
