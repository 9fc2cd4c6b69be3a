/** Passwords that are tried first everywhere: the usual ones, those of appliances, and those of guides and test images. */
export const commonPasswords: readonly string[] = `
123456 password 12345678 123456789 12345 1234 admin root toor qwerty 111111 123123 1234567 1234567890 abc123
password1 password123 passw0rd p@ssw0rd P@ssw0rd Passw0rd Password Password1 Password123 P@ssword P@ssw0rd123
admin123 admin1234 admin@123 Admin@123 Admin123 administrator root123 root1234 root@123 Root@123 rootroot
adminadmin adminpass rootpass rootpassword changeme changeit changeme123 ChangeMe default secret secret123 letmein welcome
welcome1 welcome123 Welcome1 Welcome123 test test123 test1234 testing tester guest user user123 demo demo123 temp temp123
0000 000000 00000000 1111 11111111 1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz@WSX !QAZ2wsx qazwsx qwe123 qwerty123
qwertyuiop asdfgh asdf1234 asdfghjkl zxcvbn zxcvbnm 654321 666666 88888888 888888 123321 123qwe 12345a a123456 aa123456
abcd1234 abc@123 abcdef 112233 121212 123654 159753 520520 5201314 woaini iloveyou monkey dragon master shadow sunshine
princess football baseball superman batman trustno1 hello hello123 whatever login access pass pass123 pass1234 Pa55w0rd
service server system manager operator support oracle postgres mysql redis mongodb elastic jenkins tomcat docker
docker123 container ubuntu debian centos alpine linux vagrant raspberry pi kali ftp ssh sshd web www www-data apache
nginx git gitlab deploy ansible k8s kubernetes rancher minioadmin calvin cisco huawei Huawei@123 Huawei12#$ alibaba
aliyun aliyun123 screencast dev developer development prod production staging qa backup public private nopass
`
  .trim()
  .split(/\s+/);
