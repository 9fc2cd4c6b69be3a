# Independent oracle for gems: which records affect which picks of osv-picks.py (standard input), decided by
# Gem::Requirement. Prints {"name version": [ids]} for every pick that RubyGems takes for a version.
require 'json'
require 'rubygems'

# [introduced, fixed or last affected) as requirements, events in the order of versions.
def requirements(range)
  zero, others = range.partition { |kind, at| kind == 'introduced' && at == '0' }
  ordered = zero + others.sort_by.with_index { |(_, at), i| [Gem::Version.new(at), i] }
  found = []
  start = nil
  ordered.each do |kind, at|
    if kind == 'introduced'
      start ||= at
    elsif start
      found << Gem::Requirement.new(">= #{start}", "#{kind == 'fixed' ? '<' : '<='} #{at}")
      start = nil
    end
  end
  found << Gem::Requirement.new(">= #{start}") if start
  found
end

document = JSON.parse($stdin.read)
answers = {}
document['picks'].each do |name, text|
  # RubyGems itself writes another spelling of versions with hyphens into what it installs.
  next if !Gem::Version.correct?(text) || text.include?('-')
  entries = document['entries'][name]
  next unless entries.all? { |entry| entry['ranges'].flatten(1).all? { |_, at| Gem::Version.correct?(at) } }
  version = Gem::Version.new(text)
  ids = entries.select do |entry|
    entry['versions'].any? { |listed| Gem::Version.correct?(listed) && Gem::Version.new(listed) == version } ||
      entry['ranges'].any? { |range| requirements(range).any? { |requirement| requirement.satisfied_by?(version) } }
  end
  answers["#{name} #{text}"] = ids.map { |entry| entry['id'] }.uniq.sort
end
puts JSON.generate(answers)
