<?php
// Independent oracle for Composer packages: which records affect which picks of osv-picks.py (standard input), decided
// by Composer's own constraints. Prints {"name version": [ids]} for every pick that Composer takes for a version.
// usage: composer-affected.php AUTOLOAD

require $argv[1];

use Composer\Semver\Constraint\Constraint;
use Composer\Semver\VersionParser;

$parser = new VersionParser();

function normal(string $version): ?string
{
    global $parser;
    try {
        $found = $parser->normalize($version);
    } catch (UnexpectedValueException $e) {
        return null;
    }
    return str_starts_with($found, 'dev-') || str_contains($found, '9999999') ? null : $found;
}

/** Whether one of the intervals of a range, events in the order of versions, holds the version. */
function holds(array $range, string $version): bool
{
    usort($range, function ($a, $b) {
        $first = fn ($event) => $event[0] === 'introduced' && $event[1] === '0' ? 0 : 1;
        return $first($a) <=> $first($b) ?: ($first($a) ? version_compare(normal($a[1]), normal($b[1])) : 0);
    });
    $provided = new Constraint('==', $version);
    $start = null;
    foreach ($range as [$kind, $at]) {
        if ($kind === 'introduced') {
            $start ??= $at;
        } elseif ($start !== null) {
            $end = new Constraint($kind === 'fixed' ? '<' : '<=', normal($at));
            if (begins($start, $provided) && $end->matches($provided)) {
                return true;
            }
            $start = null;
        }
    }
    return $start !== null && begins($start, $provided);
}

function begins(string $start, Constraint $provided): bool
{
    return $start === '0' || (new Constraint('>=', normal($start)))->matches($provided);
}

$document = json_decode(stream_get_contents(STDIN), true);
$answers = [];
foreach ($document['picks'] as [$name, $text]) {
    $version = normal($text);
    $entries = $document['entries'][$name];
    $known = true;
    foreach ($entries as $entry) {
        foreach ($entry['ranges'] as $range) {
            foreach ($range as [, $at]) {
                $known = $known && normal($at) !== null;
            }
        }
    }
    if ($version === null || !$known) {
        continue;
    }
    $ids = [];
    foreach ($entries as $entry) {
        $listed = array_filter($entry['versions'], fn ($one) => normal($one) !== null && version_compare(normal($one), $version) === 0);
        if ($listed || array_filter($entry['ranges'], fn ($range) => holds($range, $version))) {
            $ids[$entry['id']] = true;
        }
    }
    $ids = array_keys($ids);
    sort($ids);
    $answers["$name $text"] = $ids;
}
echo json_encode($answers), "\n";
