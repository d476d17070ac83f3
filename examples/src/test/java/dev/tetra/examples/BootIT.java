package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BootIT extends TsmContract {
    @BeforeEach
    void configureAtHome() {
        environment.remove("XDG_CONFIG_HOME");
    }

    private Path enabled() {
        return tetra.resolve("tsm/enabled.yml");
    }

    @Test
    void what_is_enabled_is_brought_up_by_the_file_of_all_that_is() throws IOException {
        Files.writeString(
                cwd.resolve("services.yml"), "services: {web: {command: sleep 600, environment: {A: b}, port: none}}");
        tsm("up", "--no-wait").succeeded();
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();

        assertThat(tsm("enable", "web").succeeded().out())
                .isEqualTo("web  starts at boot\ntsm startup --write has the system bring it up\n");
        assertThat(tsm("enable", "web", "job").succeeded().out())
                .startsWith("web  starts at boot already\njob  starts at boot\n");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(enabled())))
                .isEqualTo("rw-------");
        assertThat(tsm("info", "web").succeeded().out())
                .contains("at boot", enabled().toString());
        assertThat(at(tsm("info", "--json", "web").json(), 0, "at_boot")).isEqualTo(true);
        tsm("diff", enabled().toString()).succeeded();
        tsm("delete", "job").exitCode();
        tsm("stop", "web").succeeded();
        Result up = tsm("up", enabled().toString()).succeeded();
        assertThat(up.lines()).hasSize(2).allMatch(line -> line.contains("started  id "));
        assertThat(service("web").spec().file()).contains(cwd.resolve("services.yml"));
        assertThat(service("job").spec().file()).contains(enabled());
    }

    @Test
    void what_is_disabled_goes_on_and_is_no_longer_in_the_file() throws IOException {
        tsm("start", "--name", "a", "--no-wait", "--port", "8660+", "sleep", "600")
                .succeeded();
        tsm("start", "--name", "b", "--no-wait", "sleep", "600").succeeded();
        tsm("start", "--name", "c", "--no-wait", "sleep", "600").succeeded();
        tsm("enable", "*").succeeded();
        String full = service("a").name();

        assertThat(tsm("disable", full).succeeded().out()).isEqualTo("a  no longer starts at boot\n");
        assertThat(tsm("disable", "a").succeeded().out()).isEqualTo(full + "  did not start at boot\n");
        assertThat(tsm("info", "a").succeeded().out()).doesNotContain("at boot");
        assertThat(service("a").run()).isPresent();
        Result deleted = tsm("delete", "b");
        assertThat(deleted.exitCode()).isZero();
        assertThat(deleted.err()).isEqualTo("tsm: b still starts at boot; tsm disable b ends that\n");
        assertThat(tsm("disable", "b").succeeded().out())
                .as("a deleted service can be disabled")
                .isEqualTo("b  no longer starts at boot\n");
        tsm("disable", "nobody").failed(2, "no service named nobody");
        assertThat(tsm("disable", "*").succeeded().out()).isEqualTo("c  no longer starts at boot\n");
        assertThat(enabled()).doesNotExist();
        assertThat(tsm("disable", "c").succeeded().out()).isEqualTo("c  did not start at boot\n");
    }

    @Test
    void an_edited_file_with_a_typo_is_refused_and_stays() throws IOException {
        tsm("start", "--name", "a", "--no-wait", "sleep", "600").succeeded();
        Files.writeString(enabled(), "services: {a: {comand: x}}");

        tsm("enable", "a").failed(64, "enabled.yml:1:16: unknown key comand");
        tsm("disable", "a").failed(64, "enabled.yml:1:16: unknown key comand");

        assertThat(enabled()).hasContent("services: {a: {comand: x}}");
        assertThat(tsm("info", "a").succeeded().out()).contains("online");
    }

    @Test
    void enable_needs_a_service_and_changes_nothing_where_there_is_none() {
        tsm("enable").failed(64, "tsm enable needs a service");
        tsm("enable", "nobody").failed(2, "no service named nobody");
        tsm("disable", "nobody").failed(2, "no service named nobody");
        assertThat(tsm("enable", "*").succeeded().out()).isEqualTo("there are no services\n");
        assertThat(tsm("disable", "*").succeeded().out()).isEqualTo("nothing starts at boot\n");
        assertThat(tetra).doesNotExist();
    }

    @Test
    void startup_prints_a_unit_and_what_to_type_next_or_writes_it_where_it_belongs() throws IOException {
        Path unit = scratch.resolve(".config/systemd/user/tsm.service");

        Result printed = tsm("startup");

        assertThat(printed.exitCode()).isZero();
        assertThat(printed.out())
                .startsWith("# Written by tsm startup")
                .contains("\nConditionPathExists=" + enabled() + "\n", "\nKillMode=process\n")
                .contains("\nEnvironment=\"TETRA_DIR=" + tetra + "\"\n");
        assertThat(printed.err())
                .contains(
                        unit.toString(), "  systemctl --user enable --now tsm.service\n", "  loginctl enable-linger\n");
        assertThat(unit).doesNotExist();

        Result written = tsm("startup", "--write").succeeded();

        assertThat(written.out()).startsWith("wrote " + unit + "; type next:\n  systemctl --user daemon-reload\n");
        assertThat(unit).hasContent(printed.out());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unit)))
                .isEqualTo("rw-r--r--");
        tsm("startup", "--write").succeeded();
        Files.writeString(unit, "[Unit]\n");
        tsm("startup", "--write").failed(1, unit + " is there already, and not by tsm startup; --force replaces it");
        tsm("startup", "--write", "--force").succeeded();
        assertThat(tetra).doesNotExist();

        Path config = scratch.resolve("config");
        environment.put("XDG_CONFIG_HOME", config.toString());
        tsm("startup", "--write").succeeded();
        assertThat(config.resolve("systemd/user/tsm.service")).hasContent(printed.out());
    }

    @Test
    void the_words_of_the_unit_bring_up_what_is_enabled_whatever_is_in_the_path() throws Exception {
        tetra = scratch.resolve("te tra 100%h $HOME \"q\" \\ 'ü");
        environment.put("TETRA_DIR", tetra.toString());
        tsm("start", "--name", "job", "--no-wait", "sleep", "600").succeeded();
        tsm("enable", "job").succeeded();
        tsm("stop", "job").succeeded();
        String unit = tsm("startup").out();
        ProcessBuilder boot =
                new ProcessBuilder(SystemdWords.of(SystemdWords.line(unit, "ExecStart"))).redirectErrorStream(true);
        boot.environment().clear();
        boot.environment().put("LC_ALL", "C.UTF-8");
        for (String line :
                unit.lines().filter(line -> line.startsWith("Environment=")).toList()) {
            String variable =
                    SystemdWords.of(line.substring("Environment=".length())).get(0);
            boot.environment()
                    .put(variable.substring(0, variable.indexOf('=')), variable.substring(variable.indexOf('=') + 1));
        }

        Process process = boot.start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).matches("job  started  id 0  pid \\d+\n");
        assertThat(service("job").run()).isPresent();
    }

    @Test
    void startup_for_launchd_writes_a_plist() throws IOException {
        tsm("startup", "--launchd", "--write").succeeded();

        assertThat(scratch.resolve("Library/LaunchAgents/dev.tetra.tsm.plist"))
                .content()
                .contains("<string>dev.tetra.tsm</string>", "<string>" + enabled() + "</string>");
        environment.put("TETRA_DIR", tetra + "\u0001");
        tsm("startup", "--launchd").failed(64, "a plist cannot have this path");
        environment.put("TETRA_DIR", tetra.toString());
    }
}
