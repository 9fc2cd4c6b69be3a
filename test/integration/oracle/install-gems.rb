# Builds gems with the names and versions of the standard input (JSON pairs) and installs them with RubyGems' own
# installer. A gem called `fixtures` brings a specification inside its tree, as tests of gems do.
# usage: install-gems.rb HOME
require 'json'
require 'rubygems'
require 'rubygems/package'
require 'rubygems/installer'
require 'rubygems/user_interaction'
require 'tmpdir'

home = File.expand_path(ARGV[0])
Gem::DefaultUserInteraction.ui = Gem::SilentUI.new
Dir.mktmpdir do |scratch|
  Dir.chdir(scratch) do
    Dir.mkdir('specifications')
    File.write('specifications/evil-1.0.gemspec', %(Gem::Specification.new { |s|\n  s.name = "evil"\n  s.version = "1.0"\n}\n))
    JSON.parse($stdin.read).push(['fixtures', '1.0']).each do |name, version|
      spec = Gem::Specification.new do |s|
        s.name = name
        s.version = version
        s.summary = 'made for a test'
        s.authors = ['nobody']
        s.files = name == 'fixtures' ? ['specifications/evil-1.0.gemspec'] : []
      end
      path = Gem::Package.build(spec, true)
      Gem::Installer.at(path, install_dir: home, ignore_dependencies: true, force: true, document: []).install
    end
  end
end
