import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeParameters } from './parameters.ts';
import { signatureOneStringToSign, signOne } from './signature-one.ts';

const secret = 'ExampleAccessKeySecret0123456789';
const form = 'application/x-www-form-urlencoded';

const common = {
  AccessKeyId: 'LTAI5tExampleAccessKeyId',
  SignatureMethod: 'HMAC-SHA1',
  SignatureVersion: '1.0',
  Version: '2018-12-03',
};

const info =
  '[{"namespace":"cloud_oa","repoName":"hybirdc","regionId":"cn-shanghai","instanceId":"cri-rv4nvbv8iju4","repoId":"crr-2q7302qrofxg","tag":"hybird-cloud-web_fix_167115945","digest":"e1a4fd25884ca2ef8840bb252c9926e4f549df9e046500dd93539b2d458c","newTag":"hybird-cloud-web_fix_167115996","uuid":"4ad91dd8c0c02de6574fa98085d0","ids":[197540864,197540865,197540869]}]';

function sign(method: string, query: string, body = '', key = secret): string {
  const { all } = decodeParameters(query, Buffer.from(body), form);
  return signOne(key, signatureOneStringToSign(method, all));
}

test('worked vector 4.1, with its string to sign', () => {
  const query =
    'AccessKeyId=LTAI5tExampleAccessKeyId&Action=DescribeImageSecurityScanCount&Dealed=N&Format=JSON&RegionId=cn-hangzhou&ScanRange.1=image&ScanRange.2=container&SignatureMethod=HMAC-SHA1&SignatureNonce=1d6fd4f25e8d4f330d0c27189d8ff92d&SignatureVersion=1.0&Timestamp=2026-11-20T16%3A47%3A36Z&Version=2018-12-03&Signature=uJVJu56PwiaDUmdh3L66%2F0T%2B3O8%3D';
  const { all } = decodeParameters(query, Buffer.alloc(0), undefined);
  assert.equal(
    signatureOneStringToSign('GET', all),
    'GET&%2F&AccessKeyId%3DLTAI5tExampleAccessKeyId%26Action%3DDescribeImageSecurityScanCount%26Dealed%3DN%26Format%3DJSON%26RegionId%3Dcn-hangzhou%26ScanRange.1%3Dimage%26ScanRange.2%3Dcontainer%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D1d6fd4f25e8d4f330d0c27189d8ff92d%26SignatureVersion%3D1.0%26Timestamp%3D2026-11-20T16%253A47%253A36Z%26Version%3D2018-12-03',
  );
  assert.equal(sign('GET', query), 'uJVJu56PwiaDUmdh3L66/0T+3O8=');
  assert.equal(sign('GET', query), all.get('Signature'));
});

test('worked vectors 4.2', () => {
  const both =
    'Action=PageImageRegistry&Format=json&Version=2018-12-03&Timestamp=2026-11-20T16%3A47%3A35Z&SignatureNonce=919b79f48f0b5810df7203323558f56ef7a48c479b9e115761a03ad7f20eca5f&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=LTAI5tExampleAccessKeyId&Signature=x';
  const body = 'CurrentPage=1&PageSize=20&RegistryTypeNotInList.1=acr&RegistryTypeNotInList.2=x';
  assert.equal(sign('POST', both, body), '4HPdiL/FRUhdXhpJ5DVjikFH4SQ=', 'query and form together');

  const inForm = new URLSearchParams({
    ...common,
    Action: 'OperateImageVul',
    Format: 'JSON',
    Info: info,
    OperateType: 'vul_fix',
    SignatureNonce: 'd6e028af3921d83b90b6f4cbb78cf063',
    Timestamp: '2026-11-20T16:47:36Z',
    Type: 'cve',
  });
  assert.equal(sign('POST', '', String(inForm)), 'iAtSPT0PoNUXaJfbAGRgqfEx8WA=', 'everything in the form');

  const emptyType =
    'Info=%5B%7B%22ids%22%3A%5B1%5D%7D%5D&OperateType=vul_fix&Type=cve&Version=2018-12-03&Action=OperateImageVul&Format=JSON&RegionId=cn-hangzhou&Timestamp=2026-11-20T17%3A05%3A54Z&SignatureMethod=HMAC-SHA1&SignatureType=&SignatureVersion=1.0&SignatureNonce=a09d072781d95202459641a209e4f08f&AccessKeyId=LTAI5tExampleAccessKeyId&Signature=x';
  assert.equal(sign('POST', emptyType), 'KcaqGEkrLgMQCT+4bKEr1KVv2cM=', 'empty SignatureType');

  const sts = new URLSearchParams({
    ...common,
    SecurityToken: 'CAISexampleSecurityToken+/=abc',
    Action: 'DescribeImageInfoList',
    Uuids: 'a,b',
    Format: 'JSON',
    SignatureNonce: '1629aa8387577482b0daf612fd3a0fa0',
    Timestamp: '2026-11-20T16:47:36Z',
  });
  assert.equal(sign('GET', String(sts)), 'UBvAe75MFHbPgoEt9yqgbWHRTuY=', 'STS');

  const vendor = new URLSearchParams({
    AccessKeyId: 'testid',
    Action: 'DescribeRegions',
    Format: 'XML',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
    SignatureVersion: '1.0',
    Timestamp: '2016-02-23T12:46:24Z',
    Version: '2014-05-26',
  });
  assert.equal(sign('GET', String(vendor), '', 'testsecret'), 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=', "the vendor's own");
});
