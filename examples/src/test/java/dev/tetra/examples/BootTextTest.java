package dev.tetra.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tetra.examples.args.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootTextTest {
    private static final Path ENABLED = Path.of("/home/ann/te tra/100%/tsm/enabled.yml");

    @Test
    void a_unit_brings_up_the_file_once_and_outlives_nothing() {
        assertThat(BootText.systemd(List.of("/opt/te tra/tsm"), Map.of("PATH", "/bin:/a b"), ENABLED))
                .isEqualTo("""
                        # Written by tsm startup. tsm enable SERVICE and tsm disable SERVICE say what starts.
                        [Unit]
                        Description=Services that tsm keeps running
                        ConditionPathExists=/home/ann/te tra/100%%/tsm/enabled.yml

                        [Service]
                        Type=oneshot
                        RemainAfterExit=yes
                        Environment="PATH=/bin:/a b"
                        ExecStart=/usr/bin/env "/opt/te tra/tsm" up "/home/ann/te tra/100%%/tsm/enabled.yml"
                        # Services outlive this unit. To stop them with it, take the # off the next line:
                        #ExecStop=/usr/bin/env "/opt/te tra/tsm" down "/home/ann/te tra/100%%/tsm/enabled.yml"
                        KillMode=process

                        [Install]
                        WantedBy=default.target
                        """);
    }

    @Test
    void what_no_condition_can_name_has_none_and_every_line_stays_one() {
        String unit = BootText.systemd(List.of("a\nb"), Map.of(), Path.of("/x\n[Install]/enabled.yml"));

        assertThat(unit).doesNotContain("ConditionPathExists").contains("up \"/x\\n[Install]/enabled.yml\"\n");
        assertThat(unit.lines().filter(line -> line.equals("[Install]"))).hasSize(1);
    }

    @Test
    void a_job_of_launchd_runs_at_load_and_leaves_its_children_alone() {
        String plist = BootText.launchd(
                List.of("/opt/a&b/tsm"),
                Map.of("PATH", "/bin"),
                Path.of("/x/<enabled>.yml"),
                Path.of("/x/startup.log"));

        assertThat(plist).isEqualTo("""
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <!-- Written by tsm startup. tsm enable SERVICE and tsm disable SERVICE say what starts. -->
                <plist version="1.0">
                <dict>
                  <key>Label</key>
                  <string>dev.tetra.tsm</string>
                  <key>ProgramArguments</key>
                  <array>
                    <string>/opt/a&amp;b/tsm</string>
                    <string>up</string>
                    <string>/x/&lt;enabled&gt;.yml</string>
                  </array>
                  <key>EnvironmentVariables</key>
                  <dict>
                    <key>PATH</key>
                    <string>/bin</string>
                  </dict>
                  <key>RunAtLoad</key>
                  <true/>
                  <key>AbandonProcessGroup</key>
                  <true/>
                  <key>StandardOutPath</key>
                  <string>/x/startup.log</string>
                  <key>StandardErrorPath</key>
                  <string>/x/startup.log</string>
                </dict>
                </plist>
                """);
    }

    @Test
    void what_xml_cannot_say_is_refused() {
        assertThatThrownBy(() -> BootText.xml("a\u0001b"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("a plist cannot have this path or variable");
        assertThatThrownBy(() -> BootText.xml("half \ud83d")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> BootText.xml("\ude00 half")).isInstanceOf(UsageException.class);
    }
}
