package dev.tetra.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** supervisord, with a Unix socket. Programs count as started at once ({@code startsecs=0}); logs are cut at 32 MB. */
final class Supervisord implements Supervisor {
    private static final int BACKUPS = 20;

    private final Commands commands;
    private final Path home;
    private final Process daemon;

    private Supervisord(Commands commands, Path home, Process daemon) {
        this.commands = commands;
        this.home = home;
        this.daemon = daemon;
    }

    static Supervisor open(Path home, Commands commands, List<Program> programs) throws IOException {
        Path settings = home.resolve("supervisord.conf");
        Files.writeString(settings, settings(home, programs));
        Process daemon = commands.start(
                List.of("supervisord", "-n", "-c", settings.toString()), home.resolve("supervisord.out"));
        Path socket = home.resolve("supervisor.sock");
        Await.that("supervisord listens on " + socket, () -> Files.exists(socket) || !daemon.isAlive());
        Supervisord opened = new Supervisord(commands, home, daemon);
        commands.run(opened.control("pid"));
        return opened;
    }

    private static String settings(Path home, List<Program> programs) {
        StringBuilder text = new StringBuilder("""
                [unix_http_server]
                file=HOME/supervisor.sock
                chmod=0700
                [supervisord]
                logfile=HOME/supervisord.log
                pidfile=HOME/supervisord.pid
                childlogdir=HOME
                [rpcinterface:supervisor]
                supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
                [supervisorctl]
                serverurl=unix://HOME/supervisor.sock
                """.replace("HOME", home.toString()));
        for (Program program : programs) {
            text.append("[program:").append(program.name());
            text.append("]\ncommand=").append(program.quoted());
            text.append("\nautostart=false\nstartsecs=0\nautorestart=").append(program.kept());
            text.append("\nstdout_logfile=").append(home.resolve(program.name() + ".log"));
            text.append("\nstdout_logfile_maxbytes=32MB\nstdout_logfile_backups=")
                    .append(BACKUPS);
            text.append('\n');
        }
        return text.toString();
    }

    private List<String> control(String... words) {
        List<String> all = new ArrayList<>(
                List.of("supervisorctl", "-c", home.resolve("supervisord.conf").toString()));
        all.addAll(List.of(words));
        return all;
    }

    @Override
    public long start() throws IOException {
        return commands.run(control("start", "all"));
    }

    @Override
    public long stop() throws IOException {
        return commands.run(control("stop", "all"));
    }

    @Override
    public void forget() {}

    @Override
    public List<Long> managers() {
        return List.of(daemon.pid());
    }

    @Override
    public List<Long> attendants() {
        return List.of();
    }

    @Override
    public List<Path> log(Program program) {
        List<Path> files = new ArrayList<>();
        for (int backup = BACKUPS; backup > 0; backup--) {
            Path file = home.resolve(program.name() + ".log." + backup);
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        files.add(home.resolve(program.name() + ".log"));
        return files;
    }

    @Override
    public void close() throws IOException {
        commands.run(control("shutdown"));
        Await.that("supervisord ended", () -> !daemon.isAlive());
    }
}
